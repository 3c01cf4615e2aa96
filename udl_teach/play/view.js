// The face of a playground in the browser: draws the pictures that the kernel sends, asks for the next one when it has
// shown the last, and reports what is pointed at. There is no timer that runs ahead.

const TYPES = { f32: Float32Array, u8: Uint8Array, i32: Int32Array };

// Arrays travel beside a message as bytes; in the message stands {array: number, type}.
function unpacked(value, buffers) {
    if (Array.isArray(value)) return value.map((part) => unpacked(part, buffers));
    if (value === null || typeof value !== "object") return value;
    if ("array" in value) {
        const bytes = buffers[value.array];
        const copy = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
        return Object.assign(new TYPES[value.type](copy), { shape: value.shape });
    }
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, unpacked(part, buffers)]));
}

const css = (colours, i) => {
    const at = colours.length > 4 ? 4 * i : 0;
    return `rgba(${colours[at]},${colours[at + 1]},${colours[at + 2]},${colours[at + 3] / 255})`;
};
const visible = (colours, i) => colours && colours[(colours.length > 4 ? 4 * i : 0) + 3] > 0;

const draw = {
    // Shapes and lines; those that follow each other in one colour are one path.
    polygons(context, one) {
        context.lineWidth = one.width;
        const dashes = Array.isArray(one.dash[0]) ? one.dash : [one.dash];
        context.setLineDash(dashes[0]);
        let path = new Path2D();
        const paint = (i) => {
            if (visible(one.fill, i)) { context.fillStyle = css(one.fill, i); context.fill(path); }
            if (one.width && visible(one.stroke, i)) { context.strokeStyle = css(one.stroke, i); context.stroke(path); }
            path = new Path2D();
        };
        const plain = dashes.length === 1 && !one.fill && (!one.stroke || one.stroke.length <= 4);
        for (let i = 0, at = 0; i < one.counts.length; i++) {
            for (let j = 0; j < one.counts[i]; j++, at += 2)
                path[j ? "lineTo" : "moveTo"](one.points[at], one.points[at + 1]);
            if (one.closed) path.closePath();
            if (!plain) { context.setLineDash(dashes[i % dashes.length]); paint(i); }
        }
        if (plain) paint(0);
        context.setLineDash([]);
    },
    // One shape at many places.
    marks(context, one) {
        context.lineWidth = one.width;
        const n = one.places.length / 2, single = one.scale.length === 1;
        const shape = (scale) => {
            const path = new Path2D();
            for (let i = 0, at = 0; i < one.counts.length; i++)
                for (let j = 0; j < one.counts[i]; j++, at += 2)
                    path[j ? "lineTo" : "moveTo"](scale * one.points[at], scale * one.points[at + 1]);
            return path;
        };
        let path = shape(one.scale[0]);
        for (let i = 0; i < n; i++) {
            if (!single) path = shape(one.scale[i]);
            const x = one.places[2 * i], y = one.places[2 * i + 1];
            context.translate(x, y);
            if (visible(one.fill, i)) { context.fillStyle = css(one.fill, i); context.fill(path); }
            if (one.width && visible(one.stroke, i)) { context.strokeStyle = css(one.stroke, i); context.stroke(path); }
            context.translate(-x, -y);
        }
    },
    image(context, one) {
        const [height, width] = one.pixels.shape;
        const small = new OffscreenCanvas(width, height);
        small.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(one.pixels.buffer), width, height), 0, 0);
        const [left, top, right, bottom] = one.box;
        context.imageSmoothingEnabled = one.smooth;
        context.drawImage(small, left, top, right - left, bottom - top);
    },
    text(context, one) {
        context.font = `${one.bold ? "bold " : ""}${one.size}px "DejaVu Sans", Verdana, sans-serif`;
        context.fillStyle = css(one.colour, 0);
        context.textAlign = one.align;
        context.textBaseline = { center: "middle", baseline: "alphabetic", center_baseline: "middle" }[one.base] || one.base;
        context.translate(...one.place);
        context.rotate((-one.angle * Math.PI) / 180);
        one.text.split("\n").forEach((line, i) => context.fillText(line, 0, 1.2 * one.size * i));
    },
};

// A slider's handle has no name of its own: it gets its label and, as a screen reader reads it, the number beside it.
function nameControls(panel) {
    const set = (node, values) => {
        for (const [name, value] of Object.entries(values))
            if (node.getAttribute(name) !== value) node.setAttribute(name, value);
    };
    const name = () => {
        for (const input of panel.querySelectorAll("[class*=udl-input-]")) {
            const label = input.querySelector(".widget-label")?.textContent;
            const readout = input.querySelector(".widget-readout");
            const says = input.parentElement.querySelector(".widget-html-content")?.textContent.trim() || "";
            for (const handle of input.querySelectorAll(".noUi-handle, .ui-slider-handle")) {
                set(handle, { "aria-label": label, "aria-valuetext": readout.textContent, "aria-description": says });
                if (handle.matches(".ui-slider-handle"))  // ipywidgets 7 says nothing at all; its place is a percentage
                    set(handle, {
                        role: "slider", "aria-valuemin": "0", "aria-valuemax": "100",
                        "aria-valuenow": `${Math.round(parseFloat(handle.style.left) || 0)}`,
                    });
            }
            if (readout?.isContentEditable) set(readout, { role: "textbox", "aria-label": `${label}, as a number` });
            for (const other of input.querySelectorAll("select, input")) set(other, { "aria-description": says });
        }
    };
    name();
    const observer = new MutationObserver(name);
    const attributes = ["aria-valuetext", "style"];
    observer.observe(panel, { subtree: true, childList: true, characterData: true, attributeFilter: attributes });
    return observer;
}

export default {
    render({ model, el }) {
        const canvas = document.createElement("canvas");
        const context = canvas.getContext("2d");
        let ground = null, frame = null, last = 0, pressed = false, named = null;
        // What was asked for has a number, which the kernel sends back when it is done.
        let number = 0, timer = 0, move = 0, newest = null;
        const asked = new Set();

        canvas.tabIndex = 0;
        canvas.className = "udl-canvas";
        Object.assign(canvas.style, { maxWidth: "100%", height: "auto", display: "block", touchAction: "none" });
        el.append(canvas);

        const [width, height] = model.get("size");
        const sharp = Math.max(1, window.devicePixelRatio || 1);
        canvas.width = width * sharp;
        canvas.height = height * sharp;
        canvas.style.width = `${width}px`;

        const label = () => { canvas.setAttribute("role", "img"); canvas.setAttribute("aria-label", model.get("label")); };
        // While one picture is on its way the kernel works on the next; never are more than two asked for.
        const ask = () => {
            clearTimeout(timer);
            if (!model.get("playing") || asked.size === 2) return;
            timer = setTimeout(() => {
                last = performance.now();
                asked.add(++number);
                model.send({ event: "tick", id: number });
                ask();
            }, Math.max(0, model.get("interval") - (performance.now() - last)));
        };
        // A notebook is saved with what the browser knows of a widget; opened without a kernel it shows this picture.
        let resting = 0;
        const rest = () => {
            clearTimeout(resting);
            if (!model.get("playing"))
                resting = setTimeout(() => {
                    model.set("still", canvas.toDataURL("image/webp", 0.9));
                    canvas.dataset.still = canvas.dataset.frame;
                }, 300);
        };
        const recall = () => {
            const image = new Image();
            image.onload = () => frame || context.drawImage(image, 0, 0, canvas.width, canvas.height);
            image.src = model.get("still");
        };
        const paint = () => {
            if (!frame || !ground) return;
            const panel = named ? null : el.closest(".udl-playground")?.querySelector(".udl-controls");
            if (panel) named = nameControls(panel);
            context.setTransform(sharp, 0, 0, sharp, 0, 0);
            context.drawImage(ground, 0, 0, width, height);
            for (const one of frame.commands) {
                context.save();
                if (one.clip) {
                    const [left, top, right, bottom] = one.clip;
                    context.beginPath();
                    context.rect(left, top, right - left, bottom - top);
                    context.clip();
                }
                draw[one.draw](context, one);
                context.restore();
            }
            canvas.classList.toggle("udl-chart", frame.chart);
            canvas.dataset.frame = frame.number;
            canvas.dispatchEvent(new CustomEvent("udl-frame", { detail: frame.number }));
            rest();
        };
        const receive = async (message, buffers) => {
            if ("done" in message) done(message.done);
            if (!("commands" in message)) return;
            const next = unpacked(message, buffers);
            if (next.ground) ground = await createImageBitmap(new Blob([next.ground], { type: "image/png" }));
            frame = next;
            requestAnimationFrame(paint);
        };
        const place = (event) => {
            const box = canvas.getBoundingClientRect();
            return { x: ((event.clientX - box.left) * width) / box.width, y: ((event.clientY - box.top) * height) / box.height };
        };
        const send = (message) => {
            const id = ++number;
            move = message.kind === "move" ? id : 0;
            newest = null;
            model.send({ ...message, id });
        };
        const point = (kind) => (event) => {
            if (kind === "down") { pressed = true; canvas.setPointerCapture(event.pointerId); }
            if (!pressed) return;
            if (kind === "up") pressed = false;
            const message = { event: "pointer", kind, ...place(event) };
            // A move waits for the one before it; of those that wait the newest is sent.
            if (kind === "move" && move) newest = message;
            else send(message);
        };
        const done = (id) => {
            if (asked.delete(id)) ask();
            if (id === move) { move = 0; if (newest) send(newest); }
        };
        canvas.addEventListener("pointerdown", point("down"));
        canvas.addEventListener("pointermove", point("move"));
        canvas.addEventListener("pointerup", point("up"));
        canvas.addEventListener("pointercancel", point("up"));

        model.on("msg:custom", receive);
        const turn = () => { asked.clear(); ask(); rest(); };
        model.on("change:playing", turn);
        model.on("change:label", label);
        label();
        if (model.get("still")) recall();
        model.send({ event: "ready" });
        return () => {
            clearTimeout(resting);
            named?.disconnect();
            model.off("msg:custom", receive);
            model.off("change:playing", turn);
            model.off("change:label", label);
        };
    },
};
