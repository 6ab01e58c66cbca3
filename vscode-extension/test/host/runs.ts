/** The runs of the extension host: which suites, in which workspace, with which extension under development. */
import { downloadWheels, WHEELS } from './firstStart/wheels';
import path from 'node:path';
import { EXTENSION, python } from '../harness/project';
import { oneFolder, twoFolders, type Workspace } from '../harness/workspace';

export interface Run {
  name: string;
  /** The folder with the suites, `*.test.ts`. A run without suites does not happen. */
  suites: string;
  workspace(): Promise<Workspace>;
  /** Another extension under development, a folder with package.json and extension.ts; ours is then the package. */
  fake?: string;
  settings?: Record<string, unknown>;
  /** What has to be there first. */
  prepare?: () => void;
}

export const RUNS: Run[] = [
  { name: 'host', suites: 'test/host', workspace: oneFolder },
  { name: 'host, two folders', suites: 'test/host/folders', workspace: twoFolders },
  {
    name: 'host, language models',
    suites: 'test/host/models',
    workspace: oneFolder,
    fake: 'test/host/models/fake',
    settings: {
      'promptbits.server.command': [
        process.execPath,
        path.join(EXTENSION, 'test/host/models/proxy.mjs'),
        ...[python(), '-m', 'promptbits', 'lsp'],
      ],
    },
  },
  {
    name: 'host, first start',
    suites: 'test/host/firstStart',
    workspace: oneFolder,
    fake: 'test/host/firstStart/fake',
    settings: { 'promptbits.server.command': [], 'promptbits.server.wheelFolder': WHEELS },
    prepare: downloadWheels,
  },
];
