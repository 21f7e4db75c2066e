'use strict';

// Runs before the npm scripts, which run TypeScript sources directly: Node does so from 22.18. Plain old JavaScript.
// Exit code 2 with one line where Node is too old.

var node = require('../bin/nodeVersion.cjs');

if (node.olderThan(22, 18)) {
  console.error(
    'cubelens: needs Node 22.18 or newer, this is ' +
      node.running() +
      '. `npm ci` brings Node 24 along by the install script of the package "node"; if that was skipped or failed, ' +
      'run `npm rebuild node` (npm 12: with this package.json, which allows that script), or install Node 24.',
  );
  process.exitCode = 2;
}
