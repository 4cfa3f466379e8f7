import { NoticesScreen } from '@/features/notices/NoticesScreen';

export default NoticesScreen;
