import { NewSegmentScreen } from '@/features/segments/NewSegmentScreen';

export default NewSegmentScreen;
