/* exits_seven: a program that may not run, and is known by its exit code. */
int main(void)
{
    return 7;
}
