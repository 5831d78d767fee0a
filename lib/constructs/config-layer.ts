import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Architecture, Code, LayerVersion, Runtime, type ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Config } from '../../core/config/schema.ts';

const SOURCE = path.join(import.meta.dirname, '..', '..', 'core', 'config');
const FOLDER = 'pilotlight';
const FILE = 'config.json';

/** Where a function finds the file: Lambda lays a layer out below /opt. Source: AWS Lambda Developer Guide, "Layers". */
export const CONFIG_FILE = `/opt/${FOLDER}/${FILE}`;

/**
 * The whole configuration as one file, beside the code of every function and deployed with it: on the day there is no store
 * that it must be fetched from. A layer and not a part of each bundle: 500 workloads are a megabyte, which would stand in
 * every function, and the code of none has changed when a threshold has.
 */
export class ConfigLayer extends Construct {
  readonly layer: ILayerVersion;

  constructor(scope: Construct, id: string, { config }: { readonly config: Config }) {
    super(scope, id);
    this.layer = new LayerVersion(this, 'Layer', {
      layerVersionName: 'pilotlight-config',
      description: 'Pilotlight: the configuration of all workloads',
      code: configCode(config),
      compatibleRuntimes: [Runtime.NODEJS_24_X],
      compatibleArchitectures: [Architecture.ARM_64],
    });
  }
}

const configCode = (config: Config): Code =>
  Code.fromAsset(SOURCE, {
    // By what came out: there is a new version exactly when the configuration has changed.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('not-used-because-the-file-is-written-here'),
      local: {
        tryBundle: (outputDirectory) => {
          writeConfig(outputDirectory, config);
          return true;
        },
      },
    },
  });

/** Writes the configuration as a layer has it. */
export function writeConfig(directory: string, config: Config): void {
  mkdirSync(path.join(directory, FOLDER));
  writeFileSync(path.join(directory, FOLDER, FILE), JSON.stringify(config));
}
