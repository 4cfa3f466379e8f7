import { SegmentScreen } from '@/features/segments/SegmentScreen';

export default SegmentScreen;
