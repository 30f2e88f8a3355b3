"""Topics: learnt from labels where people gave them, discovered where nobody did."""
