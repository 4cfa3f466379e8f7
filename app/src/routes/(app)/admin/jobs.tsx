import { QueuesScreen } from '@/features/administration/QueuesScreen';

export default QueuesScreen;
