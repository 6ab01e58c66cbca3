export function activate(): void {
  // There for VS Code to have an extension under development.
}
