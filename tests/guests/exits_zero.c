/* exits_zero: a program that may run. */
int main(void)
{
    return 0;
}
