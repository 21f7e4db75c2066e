#!/usr/bin/env node
'use strict';

// Starts the built command line. Plain old JavaScript, so that an old Node can still say what is wrong.
// Exit code 2 (wrong use) where Node is too old or nothing is built, 70 (a bug of ours) where the program fails to load.

var fs = require('fs');
var path = require('path');
var url = require('url');
var node = require('./nodeVersion.cjs');

var cli = path.join(__dirname, '..', 'dist', 'cli.js');

if (node.olderThan(22, 15)) {
  console.error('cubelens: needs Node 22.15 or newer, this is ' + node.running() + '.');
  process.exitCode = 2;
} else if (!fs.existsSync(cli)) {
  console.error('cubelens: not built yet (' + cli + ' is missing): run `npm run build` first.');
  process.exitCode = 2;
} else {
  import(url.pathToFileURL(cli).href).catch(function (error) {
    console.error(error);
    process.exitCode = 70;
  });
}
