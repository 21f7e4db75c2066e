import { createLint } from './eslint.rules.js';

export default createLint(import.meta.dirname);
