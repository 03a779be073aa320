import type { ServiceContext } from './service.ts';

type AnyService = (context: ServiceContext, tell: never) => { readonly handlers: object; dispose(): void };

/** The services that run in a worker thread each, loaded when their thread starts. A service is one line here. */
export const SERVICES: Readonly<Record<ServiceName, () => Promise<AnyService>>> = {
  audio: async () => (await import('./audio/audioService.ts')).createAudioService,
  video: async () => (await import('./video/videoService.ts')).createVideoService,
  arrays: async () => (await import('./arrays/arraysService.ts')).createArraysService,
  sensors: async () => (await import('./sensors/sensorsService.ts')).createSensorsService,
  catalogue: async () => (await import('./catalogue/catalogueService.ts')).createCatalogueService,
  discovery: async () => (await import('./discovery/discoveryService.ts')).createDiscoveryService,
  health: async () => (await import('./health/healthService.ts')).createHealthService,
  image: async () => (await import('./image/imageService.ts')).createImageService,
  rows: async () => (await import('./rows/rowsService.ts')).createRowsService,
  thumbnails: async () => (await import('./thumbnails/thumbnailsService.ts')).createThumbnailsService,
};

export type ServiceName = string;
