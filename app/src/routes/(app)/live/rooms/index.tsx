import { RoomsScreen } from '@/features/live/together/RoomsScreen';

export default RoomsScreen;
