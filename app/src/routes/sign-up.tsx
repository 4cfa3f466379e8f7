import { SignUpScreen } from '@/features/account/SignUpScreen';

export default SignUpScreen;
