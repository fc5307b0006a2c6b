mod hand_written;
