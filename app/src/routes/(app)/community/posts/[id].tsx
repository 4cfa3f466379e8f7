import { PostScreen } from '@/features/community/PostScreen';

export default PostScreen;
