"""Made-up facts from any definition of a programme, and what can be learnt from them beforehand."""
