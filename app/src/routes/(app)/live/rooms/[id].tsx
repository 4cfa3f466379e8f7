import { RoomScreen } from '@/features/live/together/RoomScreen';

export default RoomScreen;
