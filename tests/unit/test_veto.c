/* Whose seat a name on the veto list refuses. */
#include "daemon/veto.h"
#include "protocol/memberid.h"
#include "tests/unit/harness.h"

static struct kl_roster_member members[3];
static struct kl_network network;
static struct kl_node node;

static int set_up(void **state)
{
	static const char *const names[] = {"Ash Trust", "Beech Borough Council", "Ash Homes"};

	(void)state;
	memset(members, 0, sizeof members);
	for (uint8_t i = 0; i < 3; i++) {
		memset(members[i].identity.b, i + 1, KL_ID_BYTES);
		(void)kl_copy_text(members[i].name, sizeof members[i].name, names[i]);
		members[i].attributes.kind = i == 1 ? KL_MEMBER_COUNCIL : KL_MEMBER_ANCHOR;
		(void)kl_copy_text(members[i].attributes.gss, KL_GSS_MAX, "E08000033");
	}
	memset(&node, 0, sizeof node);
	network.node = &node;
	network.roster = (struct kl_roster){.members = members, .n_members = 3};
	return 0;
}

static void refuse(const char *name)
{
	(void)kl_copy_text(node.config.veto[node.config.vetoes++], KL_VETO_MAX, name);
}

static void by_part_of_a_name(void **state)
{
	(void)state;
	assert_true(kl_veto_fits("ash trust", &members[0]));
	assert_true(kl_veto_fits("Ash", &members[0]));
	assert_true(kl_veto_fits("Ash", &members[2]));
	assert_false(kl_veto_fits("Ash", &members[1]));
}

static void by_the_code_of_a_council(void **state)
{
	(void)state;
	assert_true(kl_veto_fits("e08000033", &members[1]));
	assert_false(kl_veto_fits("E08000033", &members[0])); /* it only works there */
}

/* A name is the convenor's to give: the member id is not. */
static void by_member_id(void **state)
{
	char text[KL_MEMBERID_TEXT_MAX];
	struct kl_memberid id = {.identity = members[0].identity, .kind = KL_MEMBER_ANCHOR};

	(void)state;
	kl_memberid_format(&id, text);
	(void)kl_copy_text(members[0].name, sizeof members[0].name, "Another Name");
	assert_true(kl_veto_fits(text, &members[0]));
	assert_false(kl_veto_fits(text, &members[2]));
}

static void the_first_that_fits_and_the_strays(void **state)
{
	struct kl_tally_view view = {.committee.n = 3};
	const struct kl_id stranger = {{9}};

	(void)state;
	refuse("Nobody Ltd");
	assert_true(kl_veto_is_stray(&network, "Nobody Ltd"));
	assert_null(kl_veto_of(&network, &members[0].identity));
	refuse("Homes");
	refuse("Ash");
	assert_string_equal(kl_veto_of(&network, &members[0].identity), "Ash");
	assert_string_equal(kl_veto_of(&network, &members[2].identity), "Homes");
	assert_null(kl_veto_of(&network, &members[1].identity));
	assert_null(kl_veto_of(&network, &stranger));
	assert_false(kl_veto_is_stray(&network, "Homes"));
	for (unsigned j = 0; j < 3; j++)
		view.seats[j].member = members[j].identity;
	assert_int_equal(kl_veto_seats(&network, &view), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(by_part_of_a_name, set_up),
		cmocka_unit_test_setup(by_the_code_of_a_council, set_up),
		cmocka_unit_test_setup(by_member_id, set_up),
		cmocka_unit_test_setup(the_first_that_fits_and_the_strays, set_up),
	};

	return RUN(tests);
}
