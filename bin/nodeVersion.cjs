'use strict';

// Plain old JavaScript: this file must run on a Node that is too old for everything else.

/**
 * Whether the Node that is running is older than `major.minor`.
 * @param {number} major
 * @param {number} minor
 * @returns {boolean}
 */
exports.olderThan = function olderThan(major, minor) {
  var parts = process.versions.node.split('.');
  var runningMajor = Number(parts[0]);
  return runningMajor < major || (runningMajor === major && Number(parts[1]) < minor);
};

/**
 * "v20.1.0 (/usr/bin/node)": the Node that is running, for messages.
 * @returns {string}
 */
exports.running = function running() {
  return 'v' + process.versions.node + ' (' + process.execPath + ')';
};
