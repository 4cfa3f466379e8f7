import { SegmentsScreen } from '@/features/segments/SegmentsScreen';

export default SegmentsScreen;
