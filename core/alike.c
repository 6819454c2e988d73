#include "core/alike.h"
#include "core/names.h"
#include "core/succession.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Sites on which many have a page of their own. */
static bool is_shared_host(const char *host)
{
	static const char *const shared[] = {"facebook.com", "m.facebook.com", "twitter.com",
		"x.com", "instagram.com", "linkedin.com", "youtube.com", "linktr.ee",
		"sites.google.com", "google.com", "eventbrite.co.uk", "justgiving.com",
		"wordpress.com", "github.com"};

	for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
		if (!strcmp(shared[i], host))
			return true;
	return false;
}

const char *kl_web_host(const char *web, char out[KL_WEB_MAX])
{
	const char *host = strstr(web, "://");
	size_t n = 0;

	host = host ? host + 3 : web;
	for (; *host && !strchr("/:?#", *host) && n + 1 < KL_WEB_MAX; host++)
		out[n++] = (char)tolower((unsigned char)*host);
	while (n && out[n - 1] == '.')
		n--;
	out[n] = '\0';
	if (!strncmp(out, "www.", 4))
		memmove(out, out + 4, n - 3);
	return out;
}

/* Keys begin with a letter that says what they are of. */
static void add(struct kl_alike_keys *keys, char what, const char *text)
{
	if (!text[0] || keys->n == KL_ALIKE_KEYS_MAX)
		return;
	(void)snprintf(keys->keys[keys->n++], KL_ALIKE_KEY_MAX, "%c%s", what, text);
}

/* A council by its own code, and by those of today that stand in its place. */
static void add_council(struct kl_alike_keys *keys, const char *gss)
{
	const char *today[KL_SUCCESSORS_MAX];
	size_t n = gss[0] ? kl_succession_today(gss, today) : 0;

	add(keys, 'g', gss);
	if (gss[0] && !n)
		add(keys, 'l', gss);
	for (size_t i = 0; i < n; i++)
		add(keys, 'l', today[i]);
}

void kl_alike_keys(const struct kl_face *face, struct kl_alike_keys *ret_keys)
{
	char host[KL_WEB_MAX], loose[KL_NAME_MAX];

	ret_keys->n = 0;
	(void)kl_copy_text(ret_keys->gss, sizeof ret_keys->gss, face->gss);
	add(ret_keys, 'o', face->org_id);
	for (size_t i = 0; face->other_org_ids && i < face->other_org_ids->n; i++)
		add(ret_keys, 'o', face->other_org_ids->items[i]);
	if (face->kind == KL_MEMBER_COUNCIL)
		add_council(ret_keys, face->gss);
	if (!is_shared_host(kl_web_host(face->web, host)))
		add(ret_keys, 'w', host);
	add(ret_keys, 'n', kl_name_loose(face->name, loose));
}

static bool has(const struct kl_alike_keys *keys, const char *key)
{
	for (size_t i = 0; i < keys->n; i++)
		if (!strcmp(keys->keys[i], key))
			return true;
	return false;
}

/* Both say where they are, and it is not one council area. */
static bool are_apart(const struct kl_alike_keys *a, const struct kl_alike_keys *b)
{
	return a->gss[0] && b->gss[0] && !kl_succession_touches(a->gss, b->gss);
}

static void append(char out[KL_ALIKE_WORDS_MAX], const char *words, const char *what)
{
	size_t len = strlen(out);

	(void)snprintf(out + len, KL_ALIKE_WORDS_MAX - len, "%s%s%s%s%s", len ? ", " : "", words,
		what[0] ? " (" : "", what, what[0] ? ")" : "");
}

const char *kl_alike_words(
	const struct kl_alike_keys *a, const struct kl_alike_keys *b, char out[KL_ALIKE_WORDS_MAX])
{
	bool same_code = false;

	out[0] = '\0';
	for (size_t i = 0; i < a->n; i++) {
		const char *key = a->keys[i];

		if (!has(b, key))
			continue;
		same_code |= key[0] == 'g';
		if (key[0] == 'o')
			append(out, "the same organisation id", key + 1);
		else if (key[0] == 'g')
			append(out, "the same council area", key + 1);
		else if (key[0] == 'l' && !same_code)
			append(out, "councils of which one came after the other", key + 1);
		else if (key[0] == 'w')
			append(out, "the same web host", key + 1);
		else if (key[0] == 'n' && !are_apart(a, b))
			append(out, "nearly the same name", "");
	}
	return out;
}
