/** Columns that are known to name files, in lower case. */
export const PATH_COLUMNS: ReadonlySet<string> = new Set([
  'audio_filepath', 'audio_path', 'audio_file', 'audio', 'wav', 'wav_path', 'video_path', 'video_file', 'video', 'image_path', 'image_file',
  'image', 'images', 'img_path', 'img', 'path', 'filepath', 'file_path', 'file', 'filename', 'file_name', 'file_names', 'media', 'source', 'clip',
]);
