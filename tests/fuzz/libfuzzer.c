/* One target under libFuzzer: the build says which (KL_FUZZ_TARGET). */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	(void)KL_FUZZ_TARGET(data, len);
	return 0;
}
