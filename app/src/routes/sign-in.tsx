import { SignInScreen } from '@/features/account/SignInScreen';

export default SignInScreen;
