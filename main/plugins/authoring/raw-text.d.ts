/** A file's text, put into the bundle by the build and by the tests' runner. */
declare module '*?raw' {
  const text: string;
  export default text;
}
