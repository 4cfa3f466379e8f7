import { ShareScreen } from '@/features/community/ShareScreen';

export default ShareScreen;
