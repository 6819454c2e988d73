/* Members that may be one organisation twice. */
#include "core/alike.h"
#include "tests/unit/harness.h"

static const char *words(struct kl_face a, struct kl_face b)
{
	static char out[KL_ALIKE_WORDS_MAX];
	struct kl_alike_keys of_a, of_b;

	kl_alike_keys(&a, &of_a);
	kl_alike_keys(&b, &of_b);
	return kl_alike_words(&of_a, &of_b, out);
}

static struct kl_face anchor(const char *name)
{
	return (struct kl_face){name, KL_MEMBER_ANCHOR, "E08000033", "", "", NULL};
}

static struct kl_face council(const char *name, const char *gss)
{
	return (struct kl_face){name, KL_MEMBER_COUNCIL, gss, "", "", NULL};
}

static struct kl_face anchor_in(const char *name, const char *gss)
{
	return (struct kl_face){name, KL_MEMBER_ANCHOR, gss, "", "", NULL};
}

static void names_that_are_nearly_the_same(void **state)
{
	struct kl_face there = anchor("Town Hall Trust");

	(void)state;
	assert_string_equal(words(anchor("The Example Trust Ltd"), anchor("Example Trust")),
		"nearly the same name");
	assert_string_equal(words(anchor("Example Trust"), anchor("Sample Trust")), "");
	/* A name that many places have says nothing of two places; of one, or of who knows where, it
	 * does. */
	there.gss = "E08000032";
	assert_string_equal(words(anchor("The Town Hall Trust"), there), "");
	there.gss = "";
	assert_string_equal(words(anchor("The Town Hall Trust"), there), "nearly the same name");
	assert_string_equal(
		words(council("Exeter", "E07000041"), council("Exeter", "E04012345")), "");
	/* Codes of one council are one place. */
	assert_string_equal(words(anchor_in("Town Hall Trust", "E08000016"),
				    anchor_in("Town Hall Trust", "E08000038")),
		"nearly the same name");
}

static void any_identifier_in_common(void **state)
{
	char ids[1][KL_PROFILE_TEXT_MAX] = {"GB-COH-04113525"};
	struct kl_text_list others = {1, ids};
	struct kl_face a = anchor("Example Trust"), b = anchor("Example Trading");

	(void)state;
	a.org_id = "GB-CHC-1036460";
	a.other_org_ids = &others;
	b.org_id = "GB-COH-04113525";
	assert_string_equal(words(a, b), "the same organisation id (GB-COH-04113525)");
	b.org_id = "GB-COH-04113526";
	assert_string_equal(words(a, b), "");
}

static void anchors_share_a_council_area_and_councils_do_not(void **state)
{
	(void)state;
	assert_string_equal(words(anchor("One"), anchor("Two")), "");
	assert_string_equal(
		words(council("One Council", "E08000033"), council("Two Council", "E08000033")),
		"the same council area (E08000033)");
	assert_string_equal(words(council("One Council", "E08000033"), anchor("Two")), "");
	assert_string_equal(words(council("Old County Council", "E10000009"),
				    council("New Council", "E06000059")),
		"councils of which one came after the other (E06000059)");
}

static void web_hosts_but_for_those_that_many_share(void **state)
{
	struct kl_face a = anchor("One"), b = anchor("Two");
	char host[KL_WEB_MAX];

	(void)state;
	a.web = "https://www.Example.org/about";
	b.web = "http://example.org:80";
	assert_string_equal(words(a, b), "the same web host (example.org)");
	a.web = "https://www.facebook.com/one";
	b.web = "https://www.facebook.com/two";
	assert_string_equal(words(a, b), "");
	assert_string_equal(kl_web_host("", host), "");
	assert_string_equal(kl_web_host("https://www.", host), "www");
}

static void several_things_are_told_together(void **state)
{
	struct kl_face a = council("Example Council", "E08000033"),
		       b = council("The Example Council", "E08000033");

	(void)state;
	assert_string_equal(words(a, b), "the same council area (E08000033), nearly the same name");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_that_are_nearly_the_same),
		cmocka_unit_test(any_identifier_in_common),
		cmocka_unit_test(anchors_share_a_council_area_and_councils_do_not),
		cmocka_unit_test(web_hosts_but_for_those_that_many_share),
		cmocka_unit_test(several_things_are_told_together),
	};

	return RUN(tests);
}
