#include "client/where.h"
#include "client/link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int set_home(
	struct kl_whereabouts *where, struct kl_fault *fault, const char *base, const char *rest)
{
	int n = snprintf(where->home, sizeof where->home, "%s%s", base, rest);

	if (n < 0 || (size_t)n + strlen("/control") >= sizeof where->control)
		return kl_fault(fault, KL_E_TOO_BIG, "the path of the home is too long");
	memcpy(where->control, where->home, (size_t)n);
	strcpy(where->control + n, "/control");
	return KL_OK;
}

int kl_where_find(
	const struct kl_args *args, struct kl_fault *fault, struct kl_whereabouts *ret_where)
{
	const char *control = kl_args_option(args, "control"), *home = kl_args_option(args, "home");
	const char *data = getenv("XDG_DATA_HOME"), *own = getenv("HOME");

	ret_where->home[0] = '\0';
	if ((home && !*home) || (control && !*control))
		return kl_fault(fault, KL_E_USAGE, "--%s is empty: expected a path",
			home && !*home ? "home" : "control");
	if (!control && !home && kl_link_probe(KL_SERVICE_CONTROL) == KL_OK)
		control = KL_SERVICE_CONTROL;
	if (control && home && kl_args_option(args, "control") == control) {
		int rc = set_home(ret_where, fault, home, "");

		if (rc)
			return rc;
	}
	if (control) {
		if (!kl_copy_text(ret_where->control, sizeof ret_where->control, control))
			return kl_fault(fault, KL_E_TOO_BIG, "--control: the path is too long");
		return KL_OK;
	}
	if (home)
		return set_home(ret_where, fault, home, "");
	if (data && data[0] == '/')
		return set_home(ret_where, fault, data, "/keeplocal");
	if (own && own[0] == '/')
		return set_home(ret_where, fault, own, "/.local/share/keeplocal");
	kl_fault(fault, KL_E_CONFIG, "no home: neither XDG_DATA_HOME nor HOME is set");
	return kl_fault_hint(fault, "say which with --home DIR");
}
