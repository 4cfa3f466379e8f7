import { BodyScreen } from '@/features/wellness/BodyScreen';

export default BodyScreen;
