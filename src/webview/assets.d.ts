/** What esbuild bundles with a page besides TypeScript. */
declare module '*.css';
declare module '*.svg' {
  const text: string;
  // eslint-disable-next-line import-x/no-default-export -- that is how a bundler gives a file
  export default text;
}
