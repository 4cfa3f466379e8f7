import { ConnectionScreen } from '@/features/connections/ConnectionScreen';

export default ConnectionScreen;
