import { Link } from 'expo-router';

import { Text, useTheme } from '@/design';

import { parts } from './postFields';

/** Words of a person, with links to those whom they mention. */
export function PostText({ text, mentions }: { text: string; mentions: readonly string[] }) {
  const { color } = useTheme();
  if (text === '') return null;
  return (
    <Text>
      {parts(text, mentions).map((part, at) =>
        part.handle === null ? (
          part.text
        ) : (
          <Link
            key={at}
            href={`/community/people/${part.handle}`}
            style={{ color: color.accentText, textDecorationLine: 'underline' }}
          >
            {part.text}
          </Link>
        ),
      )}
    </Text>
  );
}
