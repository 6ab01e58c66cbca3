/** Markdown to HTML that does nothing: HTML in a prompt stays text, images are named, links lead to the web only. */
import MarkdownIt from 'markdown-it';

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });
markdown.validateLink = (url) => /^(https?:|mailto:)/i.test(url.trim());
markdown.renderer.rules['image'] = (tokens, index) =>
  markdown.utils.escapeHtml(`[image: ${tokens[index]?.content ?? ''}]`);

/** The HTML of a rendered prompt, to read it as it is structured. */
export function toHtml(text: string): string {
  return markdown.render(text);
}
