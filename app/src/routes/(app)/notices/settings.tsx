import { NoticeSettingsScreen } from '@/features/notices/NoticeSettingsScreen';

export default NoticeSettingsScreen;
