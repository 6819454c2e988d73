#include "core/personal.h"

#include <string.h>

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_letter(c) || is_digit(c);
}

static bool begins_word(const char *text, size_t at)
{
	return !at || !is_word(text[at - 1]);
}

/* ---- e-mail addresses ------------------------------------------------------------------------ */

static bool in_mailbox(char c)
{
	return is_word(c) || (c && strchr("._%+-", c));
}

static bool in_domain(char c)
{
	return is_word(c) || c == '.' || c == '-';
}

/* An address whose @ is not at its begin: `at` is where its mailbox begins. */
static size_t email_at(const char *text, size_t at)
{
	size_t i = at, domain;

	if (!is_word(text[at]) || (at && in_mailbox(text[at - 1])))
		return 0;
	while (in_mailbox(text[i]))
		i++;
	if (text[i] != '@' || !is_word(text[i + 1]))
		return 0;
	domain = ++i;
	while (in_domain(text[i]))
		i++;
	while (i > domain && !is_word(text[i - 1]))
		i--;
	return memchr(text + domain, '.', i - domain) ? i - at : 0;
}

/* ---- telephone numbers ----------------------------------------------------------------------- */

static size_t phone_at(const char *text, size_t at)
{
	size_t i = at, digits = 0, end = at,
	       most = text[at] == '0' && text[at + 1] == '0' ? 15 : 13;

	if ((text[at] != '0' && text[at] != '+') || !begins_word(text, at) ||
		(at && (text[at - 1] == '-' || text[at - 1] == '.')))
		return 0;
	if (text[at] == '0' && !is_digit(text[at + 1])) /* 0.66, an ISBN: no area begins so */
		return 0;
	if (text[i] == '+')
		i++;
	for (; text[i] && digits <= most && (is_digit(text[i]) || strchr(" .-()", text[i])); i++)
		if (is_digit(text[i])) {
			digits++;
			end = i + 1;
		}
	return digits >= 10 && digits <= most && !is_letter(text[end]) ? end - at : 0;
}

/* ---- names ----------------------------------------------------------------------------------- */

static size_t word_of(const char *text, size_t at)
{
	size_t len = 0;

	while (is_letter(text[at + len]) ||
		(len && (text[at + len] == '\'' || text[at + len] == '-')))
		len++;
	return len;
}

static size_t title_at(const char *text, size_t at)
{
	static const char *const titles[] = {"Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Cllr",
		"Councillor", "Prof", "Professor", "Rev", "Sir", "Dame", "Lord", "Lady",
		"Baroness"};
	size_t len = word_of(text, at);

	if (!begins_word(text, at))
		return 0;
	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
		if (len == strlen(titles[i]) && !memcmp(text + at, titles[i], len))
			return len;
	return 0;
}

static size_t name_at(const char *text, size_t at)
{
	size_t end = at + title_at(text, at), word;

	if (end == at)
		return 0;
	if (text[end] == '.')
		end++;
	if (text[end] == ' ' && !strncmp(text + end + 1, "Mayor", 5)) /* an office */
		return 0;
	if (text[end] != ' ' || !(text[end + 1] >= 'A' && text[end + 1] <= 'Z'))
		return 0;
	/* first and last name, if both are there */
	for (int i = 0; i < 2 && text[end] == ' ' && text[end + 1] >= 'A' && text[end + 1] <= 'Z';
		i++) {
		word = word_of(text, end + 1);
		end += 1 + word;
	}
	return end - at;
}

bool kl_personal_find(const char *text, size_t from, struct kl_personal *ret_found)
{
	static size_t (*const finders[])(const char *text, size_t at) = {
		[KL_PERSONAL_EMAIL] = email_at,
		[KL_PERSONAL_PHONE] = phone_at,
		[KL_PERSONAL_NAME] = name_at,
	};

	for (size_t at = from; text[at]; at++)
		for (size_t i = 0; begins_word(text, at) && i < sizeof finders / sizeof *finders;
			i++) {
			size_t len = finders[i](text, at);

			if (!len)
				continue;
			*ret_found = (struct kl_personal){(enum kl_personal_kind)i, at, len};
			return true;
		}
	return false;
}

const char *kl_personal_name(enum kl_personal_kind kind)
{
	return kind == KL_PERSONAL_EMAIL   ? "an e-mail address"
	       : kind == KL_PERSONAL_PHONE ? "a telephone number"
					   : "the name of a person";
}
