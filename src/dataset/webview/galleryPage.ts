import '../../webview/theme.css';
import '../../webview/controls.css';
import './galleryPage.css';
import './gallery/tiles.css';
import './gallery/list.css';
import './gallery/groups.css';
import './gallery/motion.css';
import './gallery/facets.css';
import { GalleryView } from './gallery/galleryView.ts';

new GalleryView();
