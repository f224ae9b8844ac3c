import type { GraphiqlFiles } from './graphiql-files.ts';

/** The query parameter that asks for one of the page's files. */
export const FILE_PARAMETER = 'graphiql';

/** And the one that says which content of it. */
export const TAG_PARAMETER = 'tag';

/** What the page tells its script, as JSON. */
interface PageSettings {
  /** Of GraphiQL. */
  readonly options: { readonly title: string; readonly defaultQuery: string };
  /** URLs of the editor's workers, by what it calls them. */
  readonly workers: Readonly<Record<string, string>>;
}

/** GraphiQL's page. Its URLs are relative to its own, whatever path a proxy has given that. */
export function graphiqlPage(files: GraphiqlFiles, defaultQuery: string): string {
  const urlOf = (name: keyof GraphiqlFiles): string =>
    `?${FILE_PARAMETER}=${name}&${TAG_PARAMETER}=${files[name].tag}`;
  const inHtml = (name: keyof GraphiqlFiles): string => urlOf(name).replaceAll('&', '&amp;');
  const settings: PageSettings = {
    options: { title: TITLE, defaultQuery },
    workers: {
      editorWorkerService: urlOf('editor-worker'),
      json: urlOf('json-worker'),
      graphql: urlOf('graphql-worker'),
    },
  };
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>${TITLE}</title>
    <link rel="icon" href="${inHtml('icon')}" />
    <link rel="stylesheet" href="${inHtml('style')}" />
    <script defer src="${inHtml('script')}"></script>
  </head>
  <body id="body" class="no-focus-outline">
    <noscript>You need to enable JavaScript to run this app.</noscript>
    <div id="root"></div>
    <script type="application/json" id="settings">${jsonInHtml(settings)}</script>
  </body>
</html>
`;
}

const TITLE = 'Kubegraph';

/** Nothing in it can end the element that it stands in. */
function jsonInHtml(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
