import { ClubScreen } from '@/features/community/clubs/ClubScreen';

export default ClubScreen;
