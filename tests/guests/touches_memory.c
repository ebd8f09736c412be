/* touches_memory BYTES: has so much memory resident at once. */
#include "guest.h"

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    size_t size = strtoul(argv[1], NULL, 10);
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    CHECK(memory != MAP_FAILED);
    for (size_t i = 0; i < size; i += 4096)
        memory[i] = 1;
    return 0;
}
