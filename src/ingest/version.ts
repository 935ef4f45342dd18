/** The engine's version: part of every run id. A test holds it to package.json. */
export const engineVersion = '0.1.0'
