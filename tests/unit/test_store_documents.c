#include "store/documents.h"
#include "tests/unit/store_home.h"

#include <stdlib.h>

static struct kl_bytes text(const char *string)
{
	return kl_bytes_str(string);
}

static void expect(struct home *home, const char *kind, const char *name, uint64_t version,
	const char *value, uint64_t expected_version)
{
	uint64_t found = 77;
	uint8_t *bytes;
	size_t len;

	assert_rc(kl_document_get(home->store, kind, name, version, &bytes, &len, &found), KL_OK);
	assert_int_equal(len, strlen(value));
	assert_memory_equal(bytes, value, len);
	assert_int_equal(found, expected_version);
	free(bytes);
}

static void expect_none(struct home *home, const char *kind, const char *name, uint64_t version)
{
	uint8_t *bytes;
	size_t len;

	assert_rc(kl_document_get(home->store, kind, name, version, &bytes, &len, NULL),
		KL_E_NOT_FOUND);
}

static void a_document_is_replaced(void **state)
{
	struct home *home = *state;

	kl_document_put(home->batch, "profile", "own", text("first"));
	kl_document_put(home->batch, "profile", "other", text("something else"));
	home_commit(home);
	expect(home, "profile", "own", KL_LATEST, "first", 0);
	kl_document_put(home->batch, "profile", "own", text("second"));
	home_commit(home);
	expect(home, "profile", "own", KL_LATEST, "second", 0);
	expect(home, "profile", "own", 0, "second", 0);
	expect_none(home, "profile", "own", 1);
	expect_none(home, "profile", "ow", KL_LATEST);
	expect_none(home, "policy", "own", KL_LATEST);
}

static void versions_are_added_and_stay(void **state)
{
	struct home *home = *state;
	uint64_t first = 0, second = 0, third = 0;

	kl_document_add(home->batch, "assessment", "2024", text("one"), &first);
	kl_document_add(home->batch, "assessment", "2024", text("two"), &second);
	assert_int_equal(first, 0);
	home_commit(home);
	kl_document_add(home->batch, "assessment", "2024", text("three"), &third);
	home_commit(home);
	assert_int_equal(first, 1);
	assert_int_equal(second, 2);
	assert_int_equal(third, 3);
	expect(home, "assessment", "2024", 1, "one", 1);
	expect(home, "assessment", "2024", 2, "two", 2);
	expect(home, "assessment", "2024", KL_LATEST, "three", 3);
}

/* Two people edit version 1; the second one must learn of the first one's edit. */
static void a_version_is_never_overwritten(void **state)
{
	struct home *home = *state;

	kl_document_add_version(home->batch, "assessment", "2024", 1, text("base"));
	kl_document_add_version(home->batch, "assessment", "2024", 2, text("hers"));
	home_commit(home);
	kl_document_put(home->batch, "note", "n", text("goes with it"));
	kl_document_add_version(home->batch, "assessment", "2024", 2, text("his"));
	assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_EXISTS);
	assert_string_equal(home->fault.message, "version 2 of \"2024\" is already there");
	expect(home, "assessment", "2024", 2, "hers", 2);
	expect_none(home, "note", "n", KL_LATEST);

	kl_batch_reset(home->batch);
	assert_rc(kl_document_add_version(home->batch, "assessment", "2024", 0, text("x")),
		KL_E_INVALID);
}

static void documents_are_taken_away(void **state)
{
	struct home *home = *state;

	kl_document_add(home->batch, "assessment", "2024", text("one"), NULL);
	kl_document_add(home->batch, "assessment", "2024", text("two"), NULL);
	kl_document_add(home->batch, "assessment", "2024/finance", text("other"), NULL);
	home_commit(home);
	kl_document_delete(home->batch, "assessment", "2024", 1);
	home_commit(home);
	expect_none(home, "assessment", "2024", 1);
	expect(home, "assessment", "2024", KL_LATEST, "two", 2);
	kl_document_add(home->batch, "assessment", "2024", text("three"), NULL);
	kl_document_delete(home->batch, "assessment", "2024", KL_LATEST);
	home_commit(home);
	expect_none(home, "assessment", "2024", KL_LATEST);
	expect(home, "assessment", "2024/finance", KL_LATEST, "other", 1);

	kl_document_delete(home->batch, "assessment", "2024", KL_LATEST);
	assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_NOT_FOUND);
	kl_batch_reset(home->batch);
	kl_document_delete(home->batch, "assessment", "2024/finance", 5);
	assert_rc(kl_store_commit(home->store, home->batch, &home->fault), KL_E_NOT_FOUND);
	assert_non_null(strstr(home->fault.message, "2024/finance"));
}

static int list(void *arg, const struct kl_document *document)
{
	char *out = arg;

	sprintf(out + strlen(out), "%s:%s:%d=%.*s ", document->kind, document->name,
		(int)document->version, (int)document->bytes.len,
		(const char *)document->bytes.data);
	return KL_VISIT_ON;
}

static int list_one(void *arg, const struct kl_document *document)
{
	list(arg, document);
	return KL_VISIT_STOP;
}

static void documents_are_listed(void **state)
{
	struct home *home = *state;
	char out[256] = "";

	kl_document_add(home->batch, "lm3", "2024/b", text("b1"), NULL);
	kl_document_add(home->batch, "lm3", "2024/a", text("a1"), NULL);
	kl_document_add(home->batch, "lm3", "2024/a", text("a2"), NULL);
	kl_document_put(home->batch, "lm3", "2025/a", text("c0"));
	kl_document_put(home->batch, "lm33", "2024/z", text("not one of them"));
	home_commit(home);
	assert_rc(kl_document_visit(home->store, "lm3", "", false, list, out), KL_OK);
	assert_string_equal(out, "lm3:2024/a:2=a2 lm3:2024/b:1=b1 lm3:2025/a:0=c0 ");
	out[0] = '\0';
	assert_rc(kl_document_visit(home->store, "lm3", "2024/", true, list, out), KL_OK);
	assert_string_equal(out, "lm3:2024/a:1=a1 lm3:2024/a:2=a2 lm3:2024/b:1=b1 ");
	out[0] = '\0';
	assert_rc(kl_document_visit(home->store, "lm3", "", false, list_one, out), KL_OK);
	assert_string_equal(out, "lm3:2024/a:2=a2 ");
	out[0] = '\0';
	assert_rc(kl_document_visit(home->store, "lm3", "2026", false, list, out), KL_OK);
	assert_string_equal(out, "");
}

static void names_are_plain_text(void **state)
{
	struct home *home = *state;
	char longest[KL_STORE_NAME_MAX + 2];
	uint8_t *bytes;
	size_t len;

	memset(longest, 'n', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	assert_rc(kl_document_put(home->batch, "k", longest, text("x")), KL_E_INVALID);
	kl_batch_reset(home->batch);
	longest[KL_STORE_NAME_MAX] = '\0';
	assert_rc(kl_document_put(home->batch, "k", longest, text("x")), KL_OK);
	assert_rc(kl_document_put(home->batch, "k", "D\xc3\xa9v\xc3\xb4n", text("y")), KL_OK);
	home_commit(home);
	expect(home, "k", longest, KL_LATEST, "x", 0);
	expect(home, "k", "D\xc3\xa9v\xc3\xb4n", KL_LATEST, "y", 0);
	assert_rc(kl_document_put(home->batch, "", "n", text("x")), KL_E_INVALID);
	kl_batch_reset(home->batch);
	assert_rc(kl_document_put(home->batch, "k", "two\nlines", text("x")), KL_E_INVALID);
	kl_batch_reset(home->batch);
	assert_rc(kl_document_put(home->batch, "k", "not \xff UTF-8", text("x")), KL_E_INVALID);
	assert_rc(
		kl_document_get(home->store, "", "n", KL_LATEST, &bytes, &len, NULL), KL_E_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(a_document_is_replaced),
		home_test(versions_are_added_and_stay),
		home_test(a_version_is_never_overwritten),
		home_test(documents_are_taken_away),
		home_test(documents_are_listed),
		home_test(names_are_plain_text),
	};

	return RUN(tests);
}
