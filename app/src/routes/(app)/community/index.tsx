import { CommunityScreen } from '@/features/community/CommunityScreen';

export default CommunityScreen;
