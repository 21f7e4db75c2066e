import { spawnSync } from 'node:child_process';
import { MakerDeb } from '@electron-forge/maker-deb';
import { MakerDMG } from '@electron-forge/maker-dmg';
import { MakerRpm } from '@electron-forge/maker-rpm';
import { MakerSquirrel } from '@electron-forge/maker-squirrel';
import { MakerZIP } from '@electron-forge/maker-zip';
import { FusesPlugin } from '@electron-forge/plugin-fuses';
import { VitePlugin } from '@electron-forge/plugin-vite';
import type { ForgeConfig } from '@electron-forge/shared-types';
import { FuseV1Options, FuseVersion } from '@electron/fuses';

// `npm run package` makes the app for this system, `npm run make` its installers.

const linux = {
  options: {
    bin: 'cubelens-app',
    // Also the name of the program in /usr/bin; `cubelens` is the command line's.
    name: 'cubelens-app',
    productName: 'Cubelens',
    genericName: 'Hyperspectral workbench',
    categories: ['Science', 'Education'] as ('Science' | 'Education')[],
    icon: 'assets/icon.png',
    mimeType: ['image/tiff'],
  },
};

/** True where a program can be run; else a line says what is left out. One maker without its tool would stop them all. */
function has(tool: string, kind: string): boolean {
  if (spawnSync(tool, ['--version'], { stdio: 'ignore' }).error === undefined) return true;
  console.log(`No ${kind} is made: ${tool} is not installed.`);
  return false;
}

function makersHere(): NonNullable<ForgeConfig['makers']> {
  const { platform } = process;
  const zip = new MakerZIP({}, ['linux', 'darwin', 'win32']);
  if (platform === 'darwin') return [zip, new MakerDMG({ icon: 'assets/icon.icns' })];
  if (platform === 'win32') return [zip, new MakerSquirrel({ setupIcon: 'assets/icon.ico' })];
  return [
    zip,
    ...(has('dpkg', '.deb') && has('fakeroot', '.deb') ? [new MakerDeb(linux)] : []),
    ...(has('rpmbuild', '.rpm') ? [new MakerRpm(linux)] : []),
  ];
}

/** For tests: a folder with a stand-in for Electron's zip, and where to put what is made. */
const standIn = process.env['CUBELENS_ELECTRON_ZIPS'];
const outDir = process.env['CUBELENS_FORGE_OUT'];

const config: ForgeConfig = {
  ...(outDir === undefined ? {} : { outDir }),
  packagerConfig: {
    name: 'Cubelens',
    executableName: 'cubelens-app',
    appBundleId: 'org.cubelens.app',
    icon: 'assets/icon',
    // macOS offers the app for these.
    extendInfo: {
      CFBundleDocumentTypes: [
        {
          CFBundleTypeName: 'Cube',
          CFBundleTypeRole: 'Viewer',
          LSHandlerRank: 'Alternate',
          CFBundleTypeExtensions: ['hdr', 'tif', 'tiff'],
        },
      ],
    },
    asar: true,
    ...(standIn === undefined ? {} : { electronZipDir: standIn }),
  },
  // Nothing native is in the bundle: nothing is to be compiled.
  rebuildConfig: { onlyModules: [] },
  makers: makersHere(),
  plugins: [
    new VitePlugin({
      build: [
        {
          entry: { main: 'electron/main.ts', worker: 'src/engine/worker.ts' },
          config: 'vite.main.config.ts',
          target: 'main',
        },
        { entry: 'electron/preload.ts', config: 'vite.preload.config.ts', target: 'preload' },
      ],
      renderer: [{ name: 'main_window', config: 'vite.desktop.config.ts' }],
    }),
    new FusesPlugin({
      version: FuseVersion.V1,
      strictlyRequireAllFuses: true,
      [FuseV1Options.RunAsNode]: false,
      [FuseV1Options.EnableCookieEncryption]: true,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: false,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
      [FuseV1Options.OnlyLoadAppFromAsar]: true,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
      // On, it took the window's isolation away in Electron 41.
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
      [FuseV1Options.WasmTrapHandlers]: true,
    }),
  ],
};

export default config;
