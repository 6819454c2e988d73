#include "client/cli.h"

int main(int argc, char **argv)
{
	return kl_cli_main(argc, argv, stdout, stderr);
}
