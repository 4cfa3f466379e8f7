import { EditClubScreen } from '@/features/community/clubs/ClubFormScreen';

export default EditClubScreen;
