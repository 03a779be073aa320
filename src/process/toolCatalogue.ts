import type { ToolDescriptor } from './toolDescriptor.ts';
import type { ToolId } from './toolPlan.ts';
import { ffmpeg, ffprobe } from './tools/ffmpeg.ts';
import { imagemagick } from './tools/imagemagick.ts';
import { sharp } from './tools/sharp.ts';
import { sox } from './tools/sox.ts';

/** Every tool there is to know, in the order to show them. */
export const toolCatalogue: Readonly<Record<ToolId, ToolDescriptor>> = { ffmpeg, ffprobe, sox, imagemagick, sharp };
