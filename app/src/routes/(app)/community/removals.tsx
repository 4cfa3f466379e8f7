import { RemovalsScreen } from '@/features/community/RemovalsScreen';

export default RemovalsScreen;
