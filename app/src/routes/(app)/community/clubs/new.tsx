import { NewClubScreen } from '@/features/community/clubs/ClubFormScreen';

export default NewClubScreen;
