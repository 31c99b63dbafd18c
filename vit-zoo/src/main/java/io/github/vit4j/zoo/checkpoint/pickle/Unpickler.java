package io.github.vit4j.zoo.checkpoint.pickle;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads one pickle, as Python's {@code pickle.py} does but for two things: names stand for what an
 * allow-list says, and everything else becomes an {@link Opaque} that remembers its name. So there
 * is nothing that a pickle could call.
 *
 * <p>Values are {@link None}, {@link Boolean}, {@link Long}, {@link java.math.BigInteger}, {@link
 * Double}, {@link String}, {@link RawBytes}, {@link Sequence}, {@link Dictionary}, {@link Opaque},
 * and what the allow-list makes. They may contain themselves, and nest as deep as the pickle is
 * long: walk them with a bound.
 */
public final class Unpickler {

  /** The longest pickle that is read, bytes; the largest models take a few hundred kilobytes. */
  public static final int LONGEST = 1 << 26;

  private static final int HIGHEST_PROTOCOL = 5;

  private final PickleInput in;
  private final Globals globals;
  private final PersistentIds ids;
  private final Stack stack = new Stack();
  private final Memo memo = new Memo(stack);

  private Unpickler(PickleInput in, Globals globals, PersistentIds ids) {
    this.in = in;
    this.globals = globals;
    this.ids = ids;
  }

  /**
   * Reads the pickle that begins at the input's position, up to its end.
   *
   * @param in left behind the pickle
   * @param globals the allow-list
   * @param ids resolves references to what is outside
   * @return the value
   * @throws BadInputException without a file's name, which the caller knows, if this is no pickle,
   *     or one that is cut short, too large, or for which the protocols have no meaning
   */
  public static Object read(PickleInput in, Globals globals, PersistentIds ids) {
    return new Unpickler(in, globals, ids).run();
  }

  private Object run() {
    while (true) {
      int at = in.position();
      int code = in.unsignedByte();
      Opcode opcode = Opcode.of(code);
      if (opcode == null) {
        throw new BadInputException(
            String.format(Locale.ROOT, "has the unknown instruction 0x%02x at byte %d", code, at));
      }
      if (opcode == Opcode.STOP) {
        Object value = stack.pop();
        if (!stack.isEmpty()) {
          throw new BadInputException("stops at byte " + at + " with values left over");
        }
        return value;
      }
      try {
        step(opcode);
      } catch (BadInputException e) {
        throw new BadInputException(e.getMessage() + " (" + opcode + " at byte " + at + ")", e);
      }
    }
  }

  private void step(Opcode opcode) {
    switch (opcode) {
      case PROTO -> {
        int protocol = in.unsignedByte();
        if (protocol > HIGHEST_PROTOCOL) {
          throw new BadInputException("is of the unknown pickle protocol " + protocol);
        }
      }
      case FRAME -> in.length(in.signedLong());
      case MARK -> stack.mark();
      case POP -> {
        if (stack.endsWithMark()) {
          stack.popToMark();
        } else {
          stack.pop();
        }
      }
      case POP_MARK -> stack.popToMark();
      case DUP -> stack.push(stack.top());
      case PUT -> memo.put(in.decimal(), stack.top());
      case BINPUT -> memo.put((long) in.unsignedByte(), stack.top());
      case LONG_BINPUT -> memo.put(in.unsignedInt(), stack.top());
      case MEMOIZE -> memo.append(stack.top());
      case GET -> stack.push(memo.get(in.decimal()));
      case BINGET -> stack.push(memo.get((long) in.unsignedByte()));
      case LONG_BINGET -> stack.push(memo.get(in.unsignedInt()));
      case APPEND -> extend(List.of(stack.pop()));
      case APPENDS, ADDITEMS -> extend(stack.popToMark());
      case SETITEM -> {
        Object value = stack.pop();
        setItems(List.of(stack.pop(), value));
      }
      case SETITEMS -> setItems(stack.popToMark());
      case GLOBAL -> stack.push(global(in.line(), in.line()));
      case STACK_GLOBAL -> {
        Object name = stack.pop();
        stack.push(global(string(stack.pop()), string(name)));
      }
      case REDUCE, NEWOBJ -> {
        Object arguments = stack.pop();
        stack.push(call(stack.pop(), arguments));
      }
      case NEWOBJ_EX -> {
        stack.pop();
        Object arguments = stack.pop();
        stack.push(call(stack.pop(), arguments));
      }
      case INST -> {
        Object function = global(in.line(), in.line());
        stack.push(call(function, new Sequence(stack.popToMark())));
      }
      case OBJ -> {
        List<Object> parts = stack.popToMark();
        if (parts.isEmpty()) {
          throw new BadInputException("makes an object of no class");
        }
        Object function = parts.remove(0);
        stack.push(call(function, new Sequence(parts)));
      }
      case BUILD -> build(stack.pop());
      case BINPERSID -> stack.push(ids.load(stack.pop()));
      case PERSID, EXT1, EXT2, EXT4, NEXT_BUFFER, READONLY_BUFFER ->
          throw new BadInputException(
              "uses " + opcode + ", which torch.save does not and which is not read");
      default -> stack.push(literal(opcode));
    }
  }

  /** Everything that makes one value of what it says itself, or of the values before it. */
  private Object literal(Opcode opcode) {
    return switch (opcode) {
      case NONE -> None.NONE;
      case NEWTRUE -> true;
      case NEWFALSE -> false;
      case INT -> intOrBoolean();
      case LONG -> in.decimal();
      case BININT -> (long) in.signedInt();
      case BININT1 -> (long) in.unsignedByte();
      case BININT2 -> (long) in.unsignedShort();
      case LONG1 -> in.integer(in.unsignedByte());
      case LONG4 -> in.integer(in.signedInt());
      case FLOAT -> in.decimalDouble();
      case BINFLOAT -> in.bigEndianDouble();
      case STRING -> EscapedText.quoted(in.line());
      case UNICODE -> EscapedText.rawUnicode(in.line());
      case BINSTRING -> in.text(in.signedInt());
      case SHORT_BINSTRING, SHORT_BINUNICODE -> in.text(in.unsignedByte());
      case BINUNICODE -> in.text(in.unsignedInt());
      case BINUNICODE8 -> in.text(in.signedLong());
      case SHORT_BINBYTES -> in.raw(in.unsignedByte());
      case BINBYTES -> in.raw(in.unsignedInt());
      case BINBYTES8, BYTEARRAY8 -> in.raw(in.signedLong());
      case EMPTY_LIST, EMPTY_TUPLE, EMPTY_SET -> Sequence.empty();
      case LIST, TUPLE, FROZENSET -> new Sequence(stack.popToMark());
      case TUPLE1, TUPLE2, TUPLE3 -> tuple(opcode.code() - Opcode.TUPLE1.code() + 1);
      case EMPTY_DICT -> new Dictionary();
      case DICT -> {
        Dictionary dictionary = new Dictionary();
        putAll(dictionary, stack.popToMark());
        yield dictionary;
      }
      default -> throw new BadInputException("uses " + opcode + ", which is not read");
    };
  }

  /** Protocol 0 has no booleans of its own: it writes them with two digits. */
  private Object intOrBoolean() {
    int before = in.position();
    Number number = in.decimal();
    boolean twoDigits = in.position() - before == 3;
    if (twoDigits && number.longValue() >= 0 && number.longValue() <= 1) {
      return number.longValue() == 1;
    }
    return number;
  }

  private Sequence tuple(int size) {
    Object[] items = new Object[size];
    for (int i = size - 1; i >= 0; i--) {
      items[i] = stack.pop();
    }
    return new Sequence(new ArrayList<>(List.of(items)));
  }

  private void extend(List<Object> items) {
    Object target = stack.top();
    if (target instanceof Sequence sequence) {
      items.forEach(sequence::add);
    } else if (!(target instanceof Opaque)) {
      throw new BadInputException("appends to what is not a list");
    }
  }

  private void setItems(List<Object> keysAndValues) {
    Object target = stack.top();
    if (target instanceof Dictionary dictionary) {
      putAll(dictionary, keysAndValues);
    } else if (!(target instanceof Opaque)) {
      throw new BadInputException("sets an entry of what is not a dictionary");
    }
  }

  private static void putAll(Dictionary dictionary, List<Object> keysAndValues) {
    if (keysAndValues.size() % 2 != 0) {
      throw new BadInputException("has a key without a value");
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      dictionary.put(keysAndValues.get(i), keysAndValues.get(i + 1));
    }
  }

  private Object global(String module, String name) {
    return globals.find(module, name);
  }

  private static String string(Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new BadInputException("names something by what is not a string");
  }

  private Object call(Object function, Object arguments) {
    if (function instanceof Constructor constructor) {
      if (arguments instanceof Sequence sequence) {
        spendLists(sequence);
        Object made = constructor.make(sequence);
        if (made instanceof Dictionary dictionary) {
          dictionary.entries().forEach((key, value) -> stack.spend());
        }
        return made;
      }
      throw new BadInputException("calls with what is not a list of arguments");
    }
    if (function instanceof Opaque opaque) {
      return opaque.made();
    }
    throw new BadInputException("calls what is not a function");
  }

  /**
   * Shapes, strides and pairs are copied out of the arguments, which a pickle may give again and
   * again from its memo; they lie in a list, or in one within a list.
   */
  private void spendLists(Sequence arguments) {
    for (Object argument : arguments.items()) {
      if (argument instanceof Sequence list) {
        stack.spend(list.size());
        for (Object item : list.items()) {
          if (item instanceof Sequence inner) {
            stack.spend(inner.size());
          }
        }
      }
    }
  }

  private void build(Object state) {
    Object target = stack.top();
    if (target instanceof Opaque opaque) {
      opaque.state(state);
    } else if (target instanceof Number || target instanceof String || target instanceof None) {
      throw new BadInputException("gives attributes to " + Shown.quoted(String.valueOf(target)));
    }
    // an ordered dictionary's attributes, such as _metadata, say nothing that is needed
  }
}
