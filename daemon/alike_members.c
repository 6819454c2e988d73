#include "daemon/alike_members.h"

#include <stdlib.h>
#include <string.h>

static bool has_left(const struct kl_roster_member *m)
{
	return m->state == KL_MEMBER_RETIRED || m->state == KL_MEMBER_REMOVED;
}

/* What is confirmed, and of the rest what is said. */
static struct kl_face face_of(
	const struct kl_roster_member *confirmed, const struct kl_profile *profile)
{
	struct kl_face face = {"", KL_MEMBER_ANCHOR, "", "", "", NULL};

	if (profile)
		face = (struct kl_face){profile->name, profile->attributes.kind,
			profile->attributes.gss, profile->org_id, profile->web,
			&profile->other_org_ids};
	if (!confirmed)
		return face;
	face.name = confirmed->name;
	face.kind = confirmed->attributes.kind;
	if (confirmed->attributes.gss[0])
		face.gss = confirmed->attributes.gss;
	return face;
}

static void keys_of(const struct kl_network *network, const struct kl_roster_member *m,
	struct kl_alike_keys *ret_keys)
{
	const struct kl_member *said = kl_members_find(&network->members, &m->identity);
	struct kl_face face = face_of(m, said && said->has_profile ? &said->profile : NULL);

	kl_alike_keys(&face, ret_keys);
}

/* ---- one against all ------------------------------------------------------------------------- */

struct found {
	size_t n, members[KL_ALIKE_SHOWN_MAX];
};

static void find_alike(const struct kl_network *network, const struct kl_id *self,
	const struct kl_alike_keys *keys, struct found *ret_found)
{
	const struct kl_roster *roster = &network->roster;
	char words[KL_ALIKE_WORDS_MAX];

	ret_found->n = 0;
	for (size_t i = 0; i < roster->n_members && ret_found->n < KL_ALIKE_SHOWN_MAX; i++) {
		const struct kl_roster_member *m = &roster->members[i];
		struct kl_alike_keys theirs;

		if (has_left(m) || (self && kl_id_equal(self, &m->identity)))
			continue;
		keys_of(network, m, &theirs);
		if (kl_alike_words(keys, &theirs, words)[0])
			ret_found->members[ret_found->n++] = i;
	}
}

void kl_put_alike(struct kl_writer *w, const char *key, const struct kl_network *network,
	const struct kl_id *self, const struct kl_face *face)
{
	struct kl_alike_keys keys, theirs;
	char words[KL_ALIKE_WORDS_MAX];
	struct found found = {.n = 0};

	if (network && network->roster.n_members > KL_ALIKE_MEMBERS_MAX) {
		kl_put_nil(w, key);
		return;
	}
	kl_alike_keys(face, &keys);
	if (network)
		find_alike(network, self, &keys, &found);
	kl_put_array(w, key, found.n);
	for (size_t i = 0; i < found.n; i++) {
		const struct kl_roster_member *m = &network->roster.members[found.members[i]];

		keys_of(network, m, &theirs);
		kl_write_map(w, 2);
		kl_put_text(w, "member", m->name);
		kl_put_text(w, "why", kl_alike_words(&keys, &theirs, words));
	}
}

void kl_put_alike_to(struct kl_writer *w, const char *key, const struct kl_network *network,
	const struct kl_id *self, const struct kl_profile *profile,
	const struct kl_roster_member *confirmed)
{
	struct kl_face face = face_of(confirmed, profile);

	kl_put_alike(w, key, network, self, &face);
}

/* ---- all against all ------------------------------------------------------------------------- */

/* Of members with one name in different places: how far back, and how many pairs in all are held
 * against each other: more would hold up all else. */
enum { LOOKED_BACK_MAX = 8, LOOKS_MAX = 1000 };

/* A key of a member, as a number: what is equal is looked at closely. */
struct entry {
	uint64_t hash;
	uint32_t member;
};

struct pair {
	uint32_t one, other;
};

/* FNV-1a. */
static uint64_t hash_of(const char *key)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *key; key++)
		hash = (hash ^ (uint8_t)*key) * UINT64_C(1099511628211);
	return hash;
}

static int by_hash(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->member < y->member ? -1 : x->member > y->member;
}

static size_t gather(const struct kl_network *network, struct entry *entries)
{
	const struct kl_roster *roster = &network->roster;
	size_t n = 0;

	for (size_t i = 0; i < roster->n_members; i++) {
		struct kl_alike_keys keys;

		if (has_left(&roster->members[i]))
			continue;
		keys_of(network, &roster->members[i], &keys);
		for (size_t k = 0; k < keys.n; k++)
			entries[n++] = (struct entry){hash_of(keys.keys[k]), (uint32_t)i};
	}
	qsort(entries, n, sizeof *entries, by_hash);
	return n;
}

static bool is_known(const struct pair *pairs, size_t n, struct pair pair)
{
	for (size_t i = 0; i < n; i++)
		if (pairs[i].one == pair.one && pairs[i].other == pair.other)
			return true;
	return false;
}

static bool are_alike(const struct kl_network *network, struct pair pair)
{
	struct kl_alike_keys a, b;
	char words[KL_ALIKE_WORDS_MAX];

	keys_of(network, &network->roster.members[pair.one], &a);
	keys_of(network, &network->roster.members[pair.other], &b);
	return kl_alike_words(&a, &b, words)[0] != '\0';
}

/* Each with the nearest before it that shares a key and is alike: of three that are one, two pairs tell
 * it. */
static size_t find_pairs(const struct kl_network *network, const struct entry *entries, size_t n,
	struct pair *ret_pairs)
{
	size_t count = 0, looks = 0;

	for (size_t i = 1; i < n && count < KL_ALIKE_SHOWN_MAX && looks < LOOKS_MAX; i++)
		for (size_t k = i; k-- > 0 && i - k <= LOOKED_BACK_MAX &&
				   entries[k].hash == entries[i].hash;) {
			struct pair pair = {entries[k].member, entries[i].member};

			if (pair.one == pair.other || is_known(ret_pairs, count, pair))
				break;
			looks++;
			if (!are_alike(network, pair))
				continue;
			ret_pairs[count++] = pair;
			break;
		}
	return count;
}

static void put_pair(struct kl_writer *w, const struct kl_network *network, const struct pair *pair)
{
	const struct kl_roster_member *one = &network->roster.members[pair->one],
				      *other = &network->roster.members[pair->other];
	struct kl_alike_keys a, b;
	char words[KL_ALIKE_WORDS_MAX];

	keys_of(network, one, &a);
	keys_of(network, other, &b);
	kl_write_map(w, 3);
	kl_put_text(w, "one", one->name);
	kl_put_text(w, "other", other->name);
	kl_put_text(w, "why", kl_alike_words(&a, &b, words));
}

void kl_put_alike_pairs(struct kl_writer *w, const char *key, const struct kl_network *network)
{
	size_t members = network->roster.n_members, count;
	struct pair pairs[KL_ALIKE_SHOWN_MAX];
	struct entry *entries = NULL;

	if (members <= KL_ALIKE_MEMBERS_MAX)
		entries = calloc(members * KL_ALIKE_KEYS_MAX + 1, sizeof *entries);
	if (!entries) {
		kl_put_nil(w, key);
		return;
	}
	count = find_pairs(network, entries, gather(network, entries), pairs);
	kl_put_array(w, key, count);
	for (size_t i = 0; i < count; i++)
		put_pair(w, network, &pairs[i]);
	free(entries);
}
